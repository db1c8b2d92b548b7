package io.fairlead.agent.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A path with parameters. */
final class QueryPath {

  private final StringBuilder text;
  private char separator = '?';

  QueryPath(String path) {
    this.text = new StringBuilder(path);
  }

  /** Adds a parameter, unless it was not given. */
  QueryPath with(String name, @Nullable String value) {
    if (value != null) {
      text.append(separator)
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      separator = '&';
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
