"""Connected calendars: the section on /settings, its dialogs, and the notice that one does not answer."""
