package dev.cooperativetls.junit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.List;

/** The names of source files. A flight recording does not have them, and an IDE needs them for links. */
final class SourceFiles {

    private SourceFiles() {}

    /** Returns the stack with the names of the source files that are in the class files. */
    static StackTraceElement[] into(List<StackTraceElement> stack, ClassLoader loader) {
        return stack.stream().map(one -> new StackTraceElement(one.getClassName(), one.getMethodName(),
                of(one.getClassName(), loader), one.getLineNumber())).toArray(StackTraceElement[]::new);
    }

    /** Returns the name of a class's source file, or null if it is unknown. */
    private static String of(String type, ClassLoader loader) {
        try (InputStream bytes = loader.getResourceAsStream(type.replace('.', '/') + ".class")) {
            return bytes == null ? null : ClassFile.of().parse(bytes.readAllBytes())
                    .findAttribute(Attributes.sourceFile()).map(file -> file.sourceFile().stringValue()).orElse(null);
        } catch (IOException | IllegalArgumentException _) {
            return null; // then an IDE has no link
        }
    }
}
