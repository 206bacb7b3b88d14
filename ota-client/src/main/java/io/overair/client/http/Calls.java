package io.overair.client.http;

import static java.util.Objects.requireNonNull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/** Requests, one after the other, over connections that are used again where the server allows it. Everything has a deadline. */
final class Calls {
    private final OkHttpClient client;
    private final Duration headTimeout;
    private final Duration readTimeout;

    private volatile Connections connections = Connections.UNTRIED;

    /** What is asked for at the moment, its body included; for {@link #close}. */
    private volatile @Nullable Call current;

    /**
     * How connections are used. A server of HTTP/1.0 closes each after one answer without saying so; OkHttp would use it
     * again all the same, and every second request would fail.
     */
    private enum Connections {
        /** No answer has come yet: asks for a close. */
        UNTRIED,
        /** Answers of HTTP/1.1 have come: uses a connection for as many requests as it lasts. */
        KEPT,
        /** An answer of HTTP/1.0 has come, or a connection that was to last did not: asks for a close each time. */
        ONE_EACH
    }

    Calls(OkHttpClient client, Duration headTimeout, Duration readTimeout) {
        this.client = client;
        this.headTimeout = headTimeout;
        this.readTimeout = readTimeout;
    }

    /** The answer, its content still to come; to be closed. */
    Response execute(Request.Builder request) throws IOException {
        boolean mayBeReused = connections == Connections.KEPT;
        Response response;
        try {
            response = call(request);
        } catch (IOException e) {
            if (!mayBeReused || !isEndOfReusedConnection(e)) {
                throw e;
            }
            // Only now does it show that the peer had closed the connection; the request never reached it.
            connections = Connections.ONE_EACH;
            client.connectionPool().evictAll();
            response = call(request);
        }
        if (response.protocol() == Protocol.HTTP_1_0) {
            connections = Connections.ONE_EACH;
        } else if (connections == Connections.UNTRIED) {
            connections = Connections.KEPT;
        }
        return response;
    }

    private Response call(Request.Builder request) throws IOException {
        if (connections != Connections.KEPT) {
            request.header("Connection", "close");
        }
        Call call = client.newCall(request.build());
        current = call;
        Deadline deadline = new Deadline(call, headTimeout);
        deadline.enter();
        Response response;
        try {
            response = headOfAnswer(call);
        } catch (IOException e) {
            throw deadline.exit() ? tooLate("no answer", headTimeout) : e;
        }
        if (deadline.exit()) {
            response.close();
            throw tooLate("no answer", headTimeout);
        }
        return response;
    }

    private static Response headOfAnswer(Call call) throws IOException {
        try {
            return call.execute();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception undeclared) {
            // OkHttp waits for connections in Kotlin, which knows no checked exceptions and lets an interrupt pass as
            // it is.
            throw interrupted(undeclared);
        }
    }

    private static InterruptedIOException interrupted(Exception cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("interrupted while connecting");
        exception.initCause(cause);
        return exception;
    }

    /** In the place of what a call that {@link Deadline} has canceled throws: that it was canceled. */
    private static SocketTimeoutException tooLate(String what, Duration time) {
        return new SocketTimeoutException(what + " within " + time);
    }

    private boolean isEndOfReusedConnection(IOException e) {
        Call call = current;
        boolean isCanceled = call != null && call.isCanceled();
        boolean isTimeOut = e instanceof InterruptedIOException;
        return !isCanceled && !isTimeOut && !Thread.currentThread().isInterrupted();
    }

    /** What an answer of the last call holds, with a deadline for each piece of it. */
    InputStream content(Response response) {
        return new Content(response.body().byteStream(), requireNonNull(current, "a call was made"), readTimeout);
    }

    /** Ends what is under way, from any thread. */
    void close() {
        Call call = current;
        if (call != null) {
            call.cancel();
        }
        client.connectionPool().evictAll();
    }

    /**
     * Cancels a call that takes too long over one thing. To the time-outs of OkHttp each byte is a sign of life, so a few
     * bytes now and then of a head that never ends would hold a device for ever.
     */
    private static final class Deadline extends AsyncTimeout {
        private final Call call;

        Deadline(Call call, Duration time) {
            this.call = call;
            timeout(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        protected void timedOut() {
            call.cancel();
        }
    }

    /** Content of which some has to come in time: lines between chunks do not count. */
    private static final class Content extends FilterInputStream {
        private final Deadline deadline;
        private final Duration time;

        Content(InputStream content, Call call, Duration time) {
            super(content);
            this.deadline = new Deadline(call, time);
            this.time = time;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            deadline.enter();
            try {
                int count = in.read(buffer, offset, length);
                deadline.exit(); // what has come is as good late as in time; the next read fails
                return count;
            } catch (IOException e) {
                throw deadline.exit() ? tooLate("no content", time) : e;
            }
        }
    }
}
