"""Runs the Pycom client that lies in flash/lib of a directory, unmodified, as if that directory were its device.

Usage: micropython real_device.py DIRECTORY PORT

Ends with status 0 when the client restarts the device, 3 when it finds nothing to do, another one when it fails.
Made for MicroPython's unix port, which lacks the modules network, machine and pycom of the device and whose sockets
have other methods.
"""

import os as unix_os
import socket as unix_socket
import sys

SSID = "ota"
NOTHING_TO_DO = 3


class network:
    class WLAN:
        STA = 1

        def __init__(self, mode):
            pass

        def isconnected(self):
            return True

        def ssid(self):
            return SSID


class machine:
    @staticmethod
    def reset():
        sys.exit(0)


class pycom:
    """Writes an image to one file and makes it the running one by a rename."""

    image = None

    @classmethod
    def ota_start(cls):
        cls.image = open("/firmware.bin.written", "wb")

    @classmethod
    def ota_write(cls, piece):
        cls.image.write(piece)

    @classmethod
    def ota_finish(cls):
        cls.image.close()
        os.rename("/firmware.bin.written", "/firmware.bin")


class os:
    """MicroPython 1.19 mixes up the two names of a rename where the root is not that of the machine."""

    remove = unix_os.remove
    whole_machine = unix_os.VfsPosix()

    @classmethod
    def rename(cls, old, new):
        cls.whole_machine.rename(directory + old, directory + new)


class socket:
    AF_INET = unix_socket.AF_INET
    SOCK_STREAM = unix_socket.SOCK_STREAM
    IPPROTO_TCP = 6

    class socket:
        def __init__(self, family, kind, protocol):
            self.stream = unix_socket.socket(family, kind)

        def connect(self, address):
            self.stream.connect(unix_socket.getaddrinfo(*address)[0][-1])

        def sendall(self, content):
            self.stream.write(content)

        def recv(self, size):
            return self.stream.recv(size)

        def close(self):
            self.stream.close()


directory, port = sys.argv[1:]
for shim in (network, machine, pycom, os, socket):
    sys.modules[shim.__name__] = shim
# The client names its files from the root of the device, so the directory becomes the root of all paths.
unix_os.umount("/")
unix_os.mount(unix_os.VfsPosix(directory), "/")
sys.path[:] = ["/flash", "/flash/lib"]

from OTA import WiFiOTA

ota = WiFiOTA(SSID, "password", "127.0.0.1", int(port))
ota.connect()
ota.update()
sys.exit(NOTHING_TO_DO)
