package io.fairlead.bench.rules;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of kernels behind interfaces: one for each, or as many as it was given
 * operations.
 */
final class CountedCalls {

  private final AtomicLong calls = new AtomicLong();

  /** How many there were. */
  long count() {
    return calls.get();
  }

  /** The same kernel, counted. */
  <T> T counted(Class<T> type, T kernel) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              calls.addAndGet(messages(arguments));
              try {
                return method.invoke(kernel, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }

  private static int messages(Object @Nullable [] arguments) {
    return arguments != null && arguments.length == 1 && arguments[0] instanceof Collection<?> many
        ? many.size()
        : 1;
  }
}
