package io.fairlead.deploy.container;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands tests the {@link Engine}, one for all of a run, with the images loaded. */
final class EngineExtension implements ParameterResolver {

  private static final Namespace STORE = Namespace.create(EngineExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Engine.class;
  }

  @Override
  public Engine resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
        .engine();
  }

  /** Closed by JUnit behind the last test. */
  private record Running(Engine engine) implements AutoCloseable {

    static Running start() {
      try {
        Engine engine = Engine.start();
        try {
          Images.load();
          return new Running(engine);
        } catch (IOException | RuntimeException e) {
          engine.close();
          throw e;
        }
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("there is no Docker engine: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      // When the JVM ends, Testcontainers asks the engine to remove what is gone with it already.
      Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> {});
      engine.close();
    }
  }
}
