package dev.cooperativetls.junit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.List;

/** The names of source files, which a flight recording does not have. An IDE makes links of them. */
final class SourceFiles {

    private SourceFiles() {}

    /** Returns a stack with the names of the source files, as far as the class files have them. */
    static StackTraceElement[] into(List<StackTraceElement> stack, ClassLoader loader) {
        return stack.stream().map(one -> new StackTraceElement(one.getClassName(), one.getMethodName(),
                of(one.getClassName(), loader), one.getLineNumber())).toArray(StackTraceElement[]::new);
    }

    /** Returns the name of the file with the source of a class, or null. */
    private static String of(String type, ClassLoader loader) {
        try (InputStream bytes = loader.getResourceAsStream(type.replace('.', '/') + ".class")) {
            return bytes == null ? null : ClassFile.of().parse(bytes.readAllBytes())
                    .findAttribute(Attributes.sourceFile()).map(file -> file.sourceFile().stringValue()).orElse(null);
        } catch (IOException | IllegalArgumentException _) {
            return null; // a link less
        }
    }
}
