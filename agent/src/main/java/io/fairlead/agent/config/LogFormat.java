package io.fairlead.agent.config;

/** The form of log lines on stderr. */
public enum LogFormat implements Spelled {
  TEXT("text"),
  JSON("json");

  private final String spelling;

  LogFormat(String spelling) {
    this.spelling = spelling;
  }

  @Override
  public String spelling() {
    return spelling;
  }
}
