package io.fairlead.agent.config;

/** A value of a fixed choice, as configuration files and flags spell it. */
public interface Spelled {

  String spelling();
}
