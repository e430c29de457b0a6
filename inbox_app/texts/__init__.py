"""The words of the interface: English in the code, other languages in `<language>/*.po`."""
