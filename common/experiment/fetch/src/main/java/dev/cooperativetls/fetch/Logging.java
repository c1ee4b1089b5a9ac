package dev.cooperativetls.fetch;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logs to standard error, a line each: {@code HH:mm:ss.SSS LEVEL logger message}. */
final class Logging {

    /** SLF4J's levels, under the names that java.util.logging has for them. */
    enum LogLevel {
        ERROR(Level.SEVERE),
        WARN(Level.WARNING),
        INFO(Level.INFO),
        DEBUG(Level.FINE),
        TRACE(Level.FINEST);

        private final Level level;

        LogLevel(Level level) {
            this.level = level;
        }

        private static String nameOf(Level level) {
            for (LogLevel name : values()) {
                if (level.intValue() >= name.level.intValue()) {
                    return name.name();
                }
            }
            return TRACE.name();
        }
    }

    /** Held, since java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger OURS = Logger.getLogger("dev.cooperativetls");
    private static final Logger HTTP_CLIENT = Logger.getLogger("org.apache.hc.client5");

    private Logging() {
    }

    /** The level is for our own loggers; TRACE lets in what others say as well, BouncyCastle above all. */
    static void configure(LogLevel level) {
        LogManager.getLogManager().reset();
        Handler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new OneLine());
        Logger root = Logger.getLogger("");
        root.addHandler(console);
        root.setLevel(level == LogLevel.TRACE ? Level.INFO : Level.SEVERE);
        OURS.setLevel(level.level);
        HTTP_CLIENT.setLevel(level == LogLevel.TRACE ? Level.FINEST : null);
    }

    private static final class OneLine extends Formatter {

        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

        /** Looked up early: it opens a file, which fails once the pages have taken all descriptors. */
        private final ZoneId zone = ZoneId.systemDefault();

        @Override
        public String format(LogRecord entry) {
            String time = TIME.format(LocalTime.ofInstant(entry.getInstant(), zone));
            String thrown = entry.getThrown() == null ? "" : ": " + entry.getThrown();
            return time + " " + LogLevel.nameOf(entry.getLevel()) + " " + entry.getLoggerName() + " "
                    + formatMessage(entry) + thrown + System.lineSeparator();
        }
    }
}
