package io.fairlead.agent.config;

/** The least severe log lines that are written. */
public enum LogLevel implements Spelled {
  ERROR("error"),
  WARN("warn"),
  INFO("info"),
  DEBUG("debug");

  private final String spelling;

  LogLevel(String spelling) {
    this.spelling = spelling;
  }

  @Override
  public String spelling() {
    return spelling;
  }
}
