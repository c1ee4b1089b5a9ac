package com.sun.jna;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;

/** A class in JNA's package that works like JNA: a proxy for the user's interface calls a native function. */
public record Function(MethodHandle function) implements InvocationHandler {

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return function.invokeWithArguments(arguments);
    }
}
