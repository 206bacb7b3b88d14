package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that cannot be accepted. */
class AcceptFailuresTest {
    private final Logger logger = Logger.getLogger("io.overair.server");
    private final List<LogRecord> logged = new ArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures());

    @BeforeEach
    void listen() {
        logger.addHandler(recorder);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(recorder);
        listener.close();
    }

    @Test
    void manyAreToldInOneSentenceAMinute() {
        fail(3);
        assertThat(logged).singleElement().satisfies(entry -> {
            assertThat(entry.getMessage()).isEqualTo("connections cannot be accepted: Too many open files");
            assertThat(entry.getThrown()).isNull();
        });

        listener.advanceTimeBy(1, TimeUnit.MINUTES);
        listener.runScheduledPendingTasks();
        fail(3);
        assertThat(logged).hasSize(2);
    }

    @Test
    void nextTryIsASecondLater() {
        fail(1);
        assertThat(listener.config().isAutoRead()).isFalse();

        listener.advanceTimeBy(AcceptFailures.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
        assertThat(listener.config().isAutoRead()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        }
        listener.checkException();
    }
}
