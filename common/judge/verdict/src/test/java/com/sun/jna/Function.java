package com.sun.jna;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;

/** In JNA's package, and shaped like JNA: the user's interface names a native function, and a proxy calls it. */
public record Function(MethodHandle function) implements InvocationHandler {

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return function.invokeWithArguments(arguments);
    }
}
