package io.overair.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives up a connection that does not get on: it has one deadline at a time. Used on the connection's event loop only.
 *
 * <p>Moving a deadline is a field, not a task: the alarm is set anew when it goes off too early, or when the deadline
 * moves before it.
 */
final class Watchdog implements Runnable {
    private final Channel channel;
    private final Runnable giveUp;
    private long limitNanos;
    private long deadline;
    private boolean armed;
    private boolean progressCounts;
    private long progressSeen;
    private @Nullable ScheduledFuture<?> alarm;
    private long alarmTime;

    /** @param giveUp called once for each deadline that passes, while the connection is open */
    Watchdog(Channel channel, Runnable giveUp) {
        this.channel = channel;
        this.giveUp = giveUp;
    }

    /** What is going on has to be over within {@code limit}. */
    void expectEndWithin(Duration limit) {
        progressCounts = false;
        expect(limit);
    }

    /** The client has to take some of what is sent within {@code limit}, again and again. */
    void expectProgressWithin(Duration limit) {
        progressCounts = true;
        progressSeen = progress();
        expect(limit);
    }

    /** Nothing is expected of the client. */
    void rest() {
        armed = false;
    }

    /** The connection is closed. */
    void stop() {
        armed = false;
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    @Override
    public void run() {
        alarm = null;
        if (!armed || !channel.isOpen()) {
            return;
        }
        if (progressCounts && progress() != progressSeen) {
            expectProgressWithin(Duration.ofNanos(limitNanos));
            return;
        }
        long now = System.nanoTime();
        if (deadline - now > 0) {
            setAlarm(now);
            return;
        }
        armed = false;
        giveUp.run();
    }

    private void expect(Duration limit) {
        long now = System.nanoTime();
        limitNanos = limit.toNanos();
        deadline = now + limitNanos;
        armed = true;
        if (alarm == null) {
            setAlarm(now);
        } else if (alarmTime - deadline > 0) {
            alarm.cancel(false);
            setAlarm(now);
        }
    }

    private void setAlarm(long now) {
        alarmTime = deadline;
        alarm = channel.eventLoop().schedule(this, deadline - now, TimeUnit.NANOSECONDS);
    }

    /** A number that changes whenever bytes leave for the client. */
    private long progress() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? -1 : pending.totalPendingWriteBytes() * 31 + pending.currentProgress();
    }
}
