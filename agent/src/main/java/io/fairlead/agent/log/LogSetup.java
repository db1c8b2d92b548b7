package io.fairlead.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.fairlead.agent.config.LogFormat;
import io.fairlead.agent.config.LogLevel;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sends logs to stderr. Until {@link #configure} is called, as text from level info. Logback finds
 * this class as a service, so that it neither looks for nor parses configuration files.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

  /** Libraries whose messages repeat, less clearly, what the agent says itself. */
  private static final String[] QUIET = {"io.fabric8", "io.netty"};

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    configure(context, LogFormat.TEXT, LogLevel.INFO, false);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Chooses form and level from now on.
   *
   * @param coloured whether text lines may have colours
   */
  public static void configure(LogFormat format, LogLevel level, boolean coloured) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      configure(context, format, level, coloured);
    }
  }

  /** Chooses the level from now on. */
  public static void level(LogLevel level) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      level(context, level);
    }
  }

  private static void configure(
      LoggerContext context, LogFormat format, LogLevel level, boolean coloured) {
    LayoutBase<ILoggingEvent> layout =
        switch (format) {
          case TEXT -> new TextLayout(coloured);
          case JSON -> new JsonLayout();
        };
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    LogRing ring = LogRing.ofProcess();
    ring.setContext(context);
    ring.start();
    root.addAppender(ring);
    level(context, level);
  }

  private static void level(LoggerContext context, LogLevel level) {
    Level logback =
        switch (level) {
          case ERROR -> Level.ERROR;
          case WARN -> Level.WARN;
          case INFO -> Level.INFO;
          case DEBUG -> Level.DEBUG;
        };
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(logback);
    for (String library : QUIET) {
      context.getLogger(library).setLevel(level == LogLevel.DEBUG ? Level.INFO : Level.OFF);
    }
  }
}
