"""Problems over sets: the tables give sets and parameters, the model names amounts over them."""
