package dev.cooperativetls.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cooperativetls.events.BadUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The server as a program. It prints its URLs and its CA file, and serves until Ctrl-C. */
@Command(name = "tls-server", mixinStandardHelpOptions = true, sortOptions = false,
        versionProvider = TlsServerProgram.Version.class,
        description = "Serves /delay/{seconds} over TLS and over plain HTTP, on loopback only, until Ctrl-C.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The parent process of --controlled has ended it.",
            "1:A port is in use, or standard output could not be written.", "2:Bad usage."})
public final class TlsServerProgram implements Callable<Integer> {

    @Option(names = "--https-port", paramLabel = "PORT", defaultValue = "0",
            description = "The port for TLS; 0 for any free port (default: ${DEFAULT-VALUE}).")
    private int httpsPort;

    @Option(names = "--http-port", paramLabel = "PORT", defaultValue = "0",
            description = "The port for plain HTTP; 0 for any free port (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(names = ControlledServer.OPTION,
            description = "For a parent process: print JSON, answer each line in-flight or in-flight RUN on standard"
                    + " input, and end when standard input ends.")
    private boolean controlled;

    @Spec
    private CommandSpec spec;

    private TlsServer server;

    private TlsServerProgram() {}

    /** Runs the program and exits with its code. */
    public static void main(String... args) {
        int exitCode = new CommandLine(new TlsServerProgram())
                .setParameterExceptionHandler((problem, _) -> complain(BadUsage.message(problem), 2))
                .setExecutionExceptionHandler((problem, _, _) -> complain(problem.getMessage(), 1))
                .execute(args);
        System.exit(System.out.checkError() ? complain("standard output could not be written", 1) : exitCode);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkPorts();
        // The hook is added before the start, so that a Ctrl-C during the start leaves no files behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        try {
            start();
        } catch (PortInUseException e) {
            String option = e.port() == httpsPort ? "--https-port" : "--http-port";
            return complain("%s: choose another with %s".formatted(e.getMessage(), option), 1);
        }
        if (controlled) {
            ControlledServer.serve(server, new BufferedReader(new InputStreamReader(System.in, UTF_8)),
                    new PrintStream(System.out, false, UTF_8));
            return 0;
        }
        System.out.printf("""
                HTTPS  %s/delay/1
                HTTP   %s/delay/1
                CA     %s
                Press Ctrl-C to stop.
                """, server.httpsUrl(), server.httpUrl(), server.caFile());
        if (!System.out.checkError()) { // otherwise no client could learn the ports
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private synchronized void start() throws IOException {
        server = TlsServer.start(httpsPort, httpPort);
    }

    private synchronized void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void checkPorts() {
        checkPort("--https-port", httpsPort);
        checkPort("--http-port", httpPort);
        if (httpsPort == httpPort && httpPort != 0) {
            throw new ParameterException(spec.commandLine(), "--https-port and --http-port must differ");
        }
    }

    private void checkPort(String option, int port) {
        if (port < 0 || port > 65535) {
            throw new ParameterException(
                    spec.commandLine(), "%s must be from 0 to 65535, not %s".formatted(option, port));
        }
    }

    private static int complain(String problem, int exitCode) {
        System.err.println("tls-server: " + problem);
        return exitCode;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TlsServerProgram.class.getPackage().getImplementationVersion();
            return new String[] {"tls-server " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
