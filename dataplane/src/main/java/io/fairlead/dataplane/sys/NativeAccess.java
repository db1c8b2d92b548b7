package io.fairlead.dataplane.sys;

/** Whether this JVM lets fairlead call the C library. */
public final class NativeAccess {

  private NativeAccess() {}

  /**
   * Returns if native access is on.
   *
   * @throws UnsupportedOperationException with the flag that turns it on
   */
  public static void require() {
    Module module = NativeAccess.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      throw new UnsupportedOperationException(
          "fairlead talks to the kernel through the C library, which this JVM does not allow; start"
              + " java with --enable-native-access="
              + name);
    }
  }
}
