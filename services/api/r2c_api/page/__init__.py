"""The web page of the service: HTML over the same functions that the endpoints are made of."""
