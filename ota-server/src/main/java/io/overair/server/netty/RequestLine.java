package io.overair.server.netty;

import io.overair.server.OtaRequest.Protocol;

/**
 * The first line of a request, read the way the Pycom client writes it: the method ends at the first blank, the version
 * begins after the last, and the target between them may hold blanks and UTF-8 as they are.
 */
record RequestLine(Protocol protocol, String method, String target) {
    /** What a log shows, and an answer goes by, if there is no request line to be made out. */
    static final RequestLine UNREAD = new RequestLine(Protocol.HTTP_1_0, "-", "");

    private static final String VERSION_PREFIX = "HTTP/";

    /**
     * Reads {@code line}, without its line end. A line of two words is taken for HTTP/0.9, which is answered as
     * HTTP/1.0 is.
     *
     * @throws RefusedRequestException if it is no request line, or one of HTTP/2 or later
     */
    static RequestLine parse(String line) throws RefusedRequestException {
        int methodEnd = line.indexOf(' ');
        if (methodEnd < 1 || !isToken(line, methodEnd)) {
            throw new RefusedRequestException(400, "no method");
        }
        for (int i = methodEnd; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                throw new RefusedRequestException(400, "a control character in the request line");
            }
        }
        String method = line.substring(0, methodEnd);
        int versionStart = line.lastIndexOf(' ') + 1;
        if (versionStart == methodEnd + 1) {
            String target = line.substring(versionStart);
            if (target.isEmpty() || target.startsWith(VERSION_PREFIX)) {
                throw new RefusedRequestException(400, "no target");
            }
            return new RequestLine(Protocol.HTTP_1_0, method, target);
        }
        Protocol protocol = protocol(line.substring(versionStart));
        String target = line.substring(methodEnd + 1, versionStart - 1);
        if (target.isBlank()) {
            throw new RefusedRequestException(400, "no target");
        }
        return new RequestLine(protocol, method, target);
    }

    private static Protocol protocol(String version) throws RefusedRequestException {
        if (version.equals("HTTP/1.1")) {
            return Protocol.HTTP_1_1;
        }
        if (version.length() != "HTTP/x.y".length()
                || !version.startsWith(VERSION_PREFIX)
                || !isDigit(version.charAt(5))
                || version.charAt(6) != '.'
                || !isDigit(version.charAt(7))) {
            throw new RefusedRequestException(400, "no HTTP version");
        }
        char major = version.charAt(5);
        if (major > '1') {
            throw new RefusedRequestException(505, "another major version");
        }
        boolean old = major == '0' || version.charAt(7) == '0';
        return old ? Protocol.HTTP_1_0 : Protocol.HTTP_1_1;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /** Whether the first {@code end} characters are a token, RFC 9110 §5.6.2. */
    private static boolean isToken(String line, int end) {
        for (int i = 0; i < end; i++) {
            char character = line.charAt(i);
            boolean letter = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
            if (!letter && !isDigit(character) && "!#$%&'*+-.^_`|~".indexOf(character) < 0) {
                return false;
            }
        }
        return true;
    }
}
