package io.overair.server.netty;

import java.time.Duration;

/**
 * What {@link OtaServer} grants its clients before it gives them up. Immutable; start from {@link #defaults()}.
 *
 * <p>Fixed, since nobody has to tune them: a request line has at most 8 KiB, the header fields after it are at most 100
 * and have at most 16 KiB together.
 */
public final class ServerLimits {
    /** Most bytes of a request line, empty lines before it included. */
    static final int REQUEST_LINE_BYTES = 8 * 1024;

    /** Most bytes of all header fields of a request. */
    static final int FIELD_BYTES = 16 * 1024;

    /** Most header fields of a request. */
    static final int FIELDS = 100;

    /** Most bytes that are read and thrown away after the last answer. */
    static final int DRAINED_BYTES = 64 * 1024;

    private static final ServerLimits DEFAULTS = new ServerLimits();

    // Assigned before anybody else sees the object and never again; not final so that a wither is one line.
    private Duration headTimeout = Duration.ofSeconds(10);
    private Duration idleTimeout = Duration.ofSeconds(30);
    private Duration stallTimeout = Duration.ofSeconds(30);
    private Duration drainTimeout = Duration.ofSeconds(2);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private int connections = 4096;
    private int connectionsPerPeer = 256;
    private int waitingRequests = 1024;

    private ServerLimits() {}

    private ServerLimits(ServerLimits original) {
        headTimeout = original.headTimeout;
        idleTimeout = original.idleTimeout;
        stallTimeout = original.stallTimeout;
        drainTimeout = original.drainTimeout;
        closeTimeout = original.closeTimeout;
        connections = original.connections;
        connectionsPerPeer = original.connectionsPerPeer;
        waitingRequests = original.waitingRequests;
    }

    /** Limits for a server that anyone may reach. */
    public static ServerLimits defaults() {
        return DEFAULTS;
    }

    /**
     * How long a request line with its header fields may take, from the start of the connection or, for a later
     * request, from its first byte: 10 s.
     */
    public Duration headTimeout() {
        return headTimeout;
    }

    /** How long a connection may lie idle between two requests: 30 s. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /** How long a client may take nothing at all of an answer: 30 s. */
    public Duration stallTimeout() {
        return stallTimeout;
    }

    /** How long a client may take to close its side after the last answer: 2 s. */
    public Duration drainTimeout() {
        return drainTimeout;
    }

    /** How long {@link OtaServer#close} waits for answers under way before it resets them: 10 s. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** How many connections may be open; further ones are closed at once: 4,096. */
    public int connections() {
        return connections;
    }

    /** How many of them may come from one address: 256. */
    public int connectionsPerPeer() {
        return connectionsPerPeer;
    }

    /**
     * How many requests for files may wait for a thread, and how many for manifests; further ones are answered with status
     * 503: 1,024.
     */
    public int waitingRequests() {
        return waitingRequests;
    }

    /** These limits with another {@link #headTimeout()}. */
    public ServerLimits withHeadTimeout(Duration timeout) {
        ServerLimits changed = new ServerLimits(this);
        changed.headTimeout = positive(timeout);
        return changed;
    }

    /** These limits with another {@link #idleTimeout()}. */
    public ServerLimits withIdleTimeout(Duration timeout) {
        ServerLimits changed = new ServerLimits(this);
        changed.idleTimeout = positive(timeout);
        return changed;
    }

    /** These limits with another {@link #stallTimeout()}. */
    public ServerLimits withStallTimeout(Duration timeout) {
        ServerLimits changed = new ServerLimits(this);
        changed.stallTimeout = positive(timeout);
        return changed;
    }

    /** These limits with another {@link #drainTimeout()}. */
    public ServerLimits withDrainTimeout(Duration timeout) {
        ServerLimits changed = new ServerLimits(this);
        changed.drainTimeout = positive(timeout);
        return changed;
    }

    /** These limits with another {@link #closeTimeout()}. */
    public ServerLimits withCloseTimeout(Duration timeout) {
        ServerLimits changed = new ServerLimits(this);
        changed.closeTimeout = positive(timeout);
        return changed;
    }

    /** These limits with another number of {@link #connections()}. */
    public ServerLimits withConnections(int most) {
        ServerLimits changed = new ServerLimits(this);
        changed.connections = positive(most);
        return changed;
    }

    /** These limits with another number of {@link #connectionsPerPeer()}. */
    public ServerLimits withConnectionsPerPeer(int most) {
        ServerLimits changed = new ServerLimits(this);
        changed.connectionsPerPeer = positive(most);
        return changed;
    }

    /**
     * These limits without {@link #connectionsPerPeer()}: for a server behind a proxy or a gateway, where every device
     * comes from one address.
     */
    public ServerLimits withoutConnectionsPerPeer() {
        return withConnectionsPerPeer(Integer.MAX_VALUE);
    }

    /** These limits with another number of {@link #waitingRequests()}. */
    public ServerLimits withWaitingRequests(int most) {
        ServerLimits changed = new ServerLimits(this);
        changed.waitingRequests = positive(most);
        return changed;
    }

    private static Duration positive(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("a time-out of " + timeout);
        }
        return timeout;
    }

    private static int positive(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a limit of " + most);
        }
        return most;
    }
}
