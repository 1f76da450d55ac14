"""One group of endpoints a file; `r2c_api.app` lists them."""
