"""The algebra compiled to closures over a frame of loop variables; used by `r2c.cir.evaluate`."""
