"""Runs the Pycom server of the folder named, unmodified but for its address: prints the free local port it took.

Usage: python3 real_server.py FOLDER, in the directory to be served.
"""

import os
import sys
from http.server import HTTPServer

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import OTA_server

server = HTTPServer(("127.0.0.1", 0), OTA_server.OTAHandler)
print(server.server_port, flush=True)
# From here on the server's own messages go where its errors go: nobody reads its output any more.
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
server.serve_forever()
