package io.fairlead.bench.lab;

/** How a program ended and what it printed. */
public record ProgramOutput(int exit, String out, String error) {}
