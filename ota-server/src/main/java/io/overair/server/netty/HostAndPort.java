package io.overair.server.netty;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** How an address stands in a URL. */
final class HostAndPort {
    private HostAndPort() {}

    static String of(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String text = host.getHostAddress();
        if (host instanceof Inet6Address) {
            int scope = text.indexOf('%'); // the name of an interface means nothing to anybody else
            text = "[" + (scope < 0 ? text : text.substring(0, scope)) + "]";
        }
        return text + ":" + address.getPort();
    }
}
