"""What the pages share: texts in two languages, the templates, how times and money are written."""
