package dev.cooperativetls.frontdoor.judge;

import java.nio.file.Path;
import java.util.Locale;

/** A provider, and how it is used: a row of docs/stacks.md. */
public enum JudgedStack {
    SUN_JSSE("SunJSSE, of the JDK", "--provider SunJSSE"),
    SUN_JSSE_OVER_CHANNELS("SunJSSE, of the JDK", "--provider SunJSSE --channel-sockets"),
    BCJSSE("BCJSSE 1.84", "--jars stage-01/target/lib" + JudgedStack.BOUNCYCASTLE),
    BCJSSE_OVER_CHANNELS("BCJSSE 1.84", "--jars stage-01/target/lib --channel-sockets" + JudgedStack.BOUNCYCASTLE),
    CONSCRYPT("Conscrypt 2.9.0", "--jars " + JudgedStack.JARS + "conscrypt" + JudgedStack.OPENSSL),
    CONSCRYPT_OVER_CHANNELS("Conscrypt 2.9.0",
            "--jars " + JudgedStack.JARS + "conscrypt --channel-sockets" + JudgedStack.OPENSSL),
    OLD_CONSCRYPT("Conscrypt 2.5.2, engine sockets",
            "--jars " + JudgedStack.JARS + "conscrypt-2.5.2" + JudgedStack.OPENSSL),
    OLD_CONSCRYPT_DESCRIPTORS("Conscrypt 2.5.2, file-descriptor sockets",
            "--jars " + JudgedStack.JARS + "conscrypt-2.5.2" + JudgedStack.OPENSSL + JudgedStack.DESCRIPTORS),
    OLD_CONSCRYPT_DESCRIPTORS_OVER_CHANNELS("Conscrypt 2.5.2, file-descriptor sockets", "--jars " + JudgedStack.JARS
            + "conscrypt-2.5.2 --channel-sockets" + JudgedStack.OPENSSL + JudgedStack.DESCRIPTORS),
    WILDFLY("wildfly-openssl 2.2.5 with libssl 3", "--jars target/to-be-judged/wildfly-openssl --insecure"
            + " --jvm-option=-Dorg.wildfly.openssl.path=/usr/lib/x86_64-linux-gnu"),
    ALT_PROVIDER("alt-provider", "--jars stage-01/target/lib --channel-sockets" + JudgedStack.ALT),
    WRAPPED("alt-provider, cooperative-wrapper", "--jars stage-03/target/lib --channel-sockets" + JudgedStack.ALT),
    PATCHED("alt-provider, patched-wrapper", "--jars stage-04/target/lib --channel-sockets" + JudgedStack.ALT);

    private static final String JARS = "common/tools/front-door/target/to-be-judged/";
    private static final String OPENSSL = " --provider org.conscrypt.OpenSSLProvider";
    private static final String BOUNCYCASTLE = " --provider org.bouncycastle.jsse.provider.BouncyCastleJsseProvider"
            + " --provider org.bouncycastle.jce.provider.BouncyCastleProvider";
    private static final String DESCRIPTORS = " --jvm-option=-Dorg.conscrypt.useEngineSocketByDefault=false"
            + " --jvm-option=--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
            + " --jvm-option=--add-opens=java.base/java.net=ALL-UNNAMED";
    private static final String ALT = " --provider dev.cooperativetls.altprovider.AltProvider"
            + " --jvm-option=--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

    private final String title;
    private final String arguments;

    JudgedStack(String title, String arguments) {
        this.title = title;
        this.arguments = arguments;
    }

    /** Returns the command that judges it under all clients. */
    public String command() {
        return "./judge stack " + arguments;
    }

    /** Returns the name of its file in docs/results. */
    public Path file() {
        return Path.of("stack-%s.json".formatted(name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    @Override
    public String toString() {
        return "%s, %s sockets".formatted(title, arguments.contains("--channel-sockets") ? "channel" : "ordinary");
    }
}
