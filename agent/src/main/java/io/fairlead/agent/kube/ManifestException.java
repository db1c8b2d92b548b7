package io.fairlead.agent.kube;

/** A manifest file that is not well-formed; the message names file, line and mend. */
public final class ManifestException extends Exception {

  private static final long serialVersionUID = 1;

  ManifestException(String sentence) {
    super(sentence);
  }
}
