package io.overair.examples.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Connections whose requests never end. */
final class SlowClients implements Closeable {
    private final Selector selector;
    private final long opened;

    private SlowClients(Selector selector) {
        this.selector = selector;
        this.opened = System.nanoTime();
    }

    /** Opens {@code count} connections and sends half a request on each. */
    static SlowClients halfSent(int port, int count) throws IOException {
        SlowClients clients = new SlowClients(Selector.open());
        try {
            for (int client = 0; client < count; client++) {
                SocketChannel channel = SocketChannel.open(BareClient.loopback(port));
                channel.write(ByteBuffer.wrap(BareClient.HALF_A_REQUEST.getBytes(US_ASCII)));
                channel.configureBlocking(false);
                channel.register(clients.selector, SelectionKey.OP_READ);
            }
            return clients;
        } catch (IOException e) {
            clients.close();
            throw e;
        }
    }

    /** How many the server has not cut so far. */
    int stillOpen() throws IOException {
        selector.selectNow();
        return dropCut();
    }

    /** Waits until the server has cut all of them; the time from the last of them, or {@code patience} if some are left. */
    Duration cutAllWithin(Duration patience) throws IOException {
        while (stillOpen() > 0 && age().compareTo(patience) < 0) {
            selector.select(100);
        }
        return age();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - opened);
    }

    /** Reads what there is, such as a status 408, up to the end that shows that a connection was cut. */
    private int dropCut() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            ByteBuffer ignored = ByteBuffer.allocate(1024);
            try {
                if (((SocketChannel) key.channel()).read(ignored) < 0) {
                    key.channel().close();
                }
            } catch (IOException reset) {
                key.channel().close();
            }
        }
        selector.selectedKeys().clear();
        return (int) selector.keys().stream().filter(SelectionKey::isValid).count();
    }
}
