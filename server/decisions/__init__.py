"""Acts on cases with all that follows from them: facts gathered, the table asked, money and list brought along."""
