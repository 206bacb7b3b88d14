def show(reading):
    print('energy', reading['energy_wh'], 'Wh')
