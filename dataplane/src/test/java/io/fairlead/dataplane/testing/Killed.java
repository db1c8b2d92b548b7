package io.fairlead.dataplane.testing;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Kernels as an agent sees them that is killed after a number of steps: each step has taken effect
 * whole or not at all. A step is one operation of a list, or a transaction where there are such.
 * From then on everything fails, as nobody is left to do it. Not thread-safe.
 */
public final class Killed {

  private int left;
  private boolean dead;

  /** Killed when step number {@code steps}, counted from 0, would be taken. */
  public Killed(int steps) {
    this.left = steps;
  }

  /** Whether there were as many steps. */
  public boolean isDead() {
    return dead;
  }

  /** A kernel of ours; several share one life. */
  public <T> T over(Class<T> type, T kernel) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.isDefault() && !isStep(method, arguments)
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : call(kernel, method, arguments);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static boolean isStep(Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "commit", "cleanup" -> true;
      case "timeouts" -> arguments != null;
      default -> false;
    };
  }

  private @Nullable Object call(Object kernel, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("close") || method.getDeclaringClass() == Object.class) {
      return invoke(kernel, method, arguments);
    }
    if (dead) {
      return dying(method);
    }
    if (method.getName().equals("apply")) {
      List<?> operations = (List<?>) Objects.requireNonNull(arguments)[0];
      int allowed = Math.min(left, operations.size());
      left -= allowed;
      Object result = invoke(kernel, method, new Object[] {operations.subList(0, allowed)});
      return allowed == operations.size() ? result : dying(method);
    }
    if (isStep(method, arguments) && left-- == 0) {
      return dying(method);
    }
    return invoke(kernel, method, arguments);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Whoever called the method looks at it.
  private Object dying(Method method) throws IOException {
    dead = true;
    IOException end = new IOException("killed");
    if (method.getReturnType() == CompletableFuture.class) {
      return CompletableFuture.failedFuture(end);
    }
    throw end;
  }

  private static @Nullable Object invoke(
      Object kernel, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(kernel, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
