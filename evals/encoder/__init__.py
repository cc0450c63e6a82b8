"""How the weights of the bundled embedding model are made: the wordings, the training, the export."""
