import time

from lib.meter import Meter
from lib.tariff import tariff_at

PERIOD_S = 900

meter = Meter(port=1)
while True:
    reading = meter.read()
    reading['tariff'] = tariff_at(time.localtime())
    meter.report(reading)
    time.sleep(PERIOD_S)
