import machine

# The meter's optical head talks at 9600 baud, the console stays free for people.
machine.freq(80000000)
