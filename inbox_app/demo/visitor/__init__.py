"""The scripted visitor: uses the public visitor API as a browser does, so that one person alone can try the product."""
