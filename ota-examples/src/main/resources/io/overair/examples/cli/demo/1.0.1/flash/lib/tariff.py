NIGHT = range(0, 6)


def tariff_at(now):
    """The tariff in force at a time, as the supplier bills it: night from 0:00 to 6:00."""
    return 'night' if now[3] in NIGHT else 'day'
