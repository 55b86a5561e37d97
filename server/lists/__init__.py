"""The public list: who may be listed, what is shown, and the masked picture."""
