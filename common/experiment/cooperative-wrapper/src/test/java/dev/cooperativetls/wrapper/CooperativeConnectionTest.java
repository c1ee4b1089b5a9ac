package dev.cooperativetls.wrapper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.altprovider.AltProvider;
import dev.cooperativetls.altprovider.Connection;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tlschannel.WouldBlockException;

class CooperativeConnectionTest {

    @Test
    void of_the_blocking_calls_read_into_alone_is_left_to_the_connection_below() {
        Stream<Method> blocking = Arrays.stream(Connection.class.getMethods())
                .filter(call -> Arrays.asList(call.getExceptionTypes()).contains(WouldBlockException.class));

        assertThat(blocking.filter(call -> !isOverridden(call)).map(Method::getName)).containsExactly("readInto");
    }

    @Test
    void the_provider_finds_the_wrapper_on_the_class_path() {
        assertThat(new AltProvider().getInfo()).contains("wrapped by CooperativeWrapper");
    }

    private static boolean isOverridden(Method call) {
        return Arrays.stream(CooperativeConnection.class.getDeclaredMethods())
                .anyMatch(own -> own.getName().equals(call.getName())
                        && Arrays.equals(own.getParameterTypes(), call.getParameterTypes()));
    }
}
