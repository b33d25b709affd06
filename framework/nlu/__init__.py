"""Text -> `Understanding`: components that each add to what is known about a message."""
