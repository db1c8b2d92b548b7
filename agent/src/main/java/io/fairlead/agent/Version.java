package io.fairlead.agent;

/** The version of this build. */
public final class Version {

  private Version() {}

  /** As the archive's manifest has it, or "development" for classes outside an archive. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version != null ? version : "development";
  }
}
