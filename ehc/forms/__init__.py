"""Forms: what a person types, turned into what a command takes. No rule of law lives here."""
