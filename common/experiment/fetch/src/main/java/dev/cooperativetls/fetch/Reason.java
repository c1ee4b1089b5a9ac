package dev.cooperativetls.fetch;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** The explanation of a failure in one short line, with its root cause and what the user can do about it. */
final class Reason {

    private static final int LONGEST = 200;

    private Reason() {}

    static String of(Throwable failure) {
        List<Throwable> chain = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50).toList();
        String root = message(chain.getLast());
        if (has(chain, CertificateExpiredException.class, CertificateNotYetValidException.class)) {
            return oneLine("certificate not valid at this time: " + root);
        }
        if (has(chain, CertPathBuilderException.class, CertPathValidatorException.class)) {
            return oneLine("certificate not trusted: " + root) + "; give its CA with --ca-file";
        }
        if (has(chain, CertificateException.class, SSLPeerUnverifiedException.class)) {
            return oneLine("certificate not trusted: " + root);
        }
        if (root.startsWith("Too many open files")) {
            return oneLine(root) + "; allow more with ulimit -n";
        }
        return oneLine(switch (chain.getLast()) {
            case UnknownHostException _ -> "unknown host " + root.replaceFirst(": .*", ""); // the reason can vary
            case ConnectException _ -> root.replaceFirst("^Connect to .* failed: ", "");
            case NoHttpResponseException _ -> "empty response";
            case TruncatedChunkException _ -> "body cut short";
            case ConnectionClosedException _ -> "body cut short";
            case EOFException _ -> "cut short: " + root;
            // Its message is often only the name of a class or of a file.
            case LinkageError error -> error.getClass().getSimpleName() + ": " + root;
            default -> root;
        });
    }

    /** Returns the text as one line. A server can put control characters into a message. */
    static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static boolean has(List<Throwable> chain, Class<?>... types) {
        return chain.stream().anyMatch(failure -> Arrays.stream(types).anyMatch(type -> type.isInstance(failure)));
    }
}
