package io.fairlead.dataplane.service;

import io.fairlead.dataplane.evidence.KernelObject;
import java.io.IOException;
import java.util.List;

/**
 * Programs Services into the kernel: it only renders what {@link AddressClaims} hold. Nothing is
 * touched before the first commit. One thread at a time, except {@link #distrust}, which any may
 * call.
 */
public interface ServiceBackend extends AutoCloseable {

  /** Takes over settings that may differ from those until now. */
  void settings(ServiceSettings settings);

  /** Takes note of what became of a Service. */
  void update(ServiceChange change);

  /** The kernel may not hold what was committed: the next commit looks. Thread-safe. */
  void distrust();

  /** Whether the next commit has anything to do or to look after. */
  boolean isPending();

  /**
   * Brings the kernel to what is wanted, at a cost of what changed. The first commit, and each one
   * after a failure or {@link #distrust}, reads the kernel once and sends only the difference.
   *
   * @return what it took, in order; empty if everything was right
   * @throws IOException if the kernel refused; the next commit looks at what there is
   */
  List<String> commit() throws IOException;

  /**
   * Runs {@code task} when the kernel holds all that was committed: before this returns, on the
   * calling thread, unless a commit is still under way in the kernel; later and on any thread if it
   * is. Never if something of it is refused; to be asked again after the commit that mends that.
   */
  default void whenInKernel(Runnable task) {
    task.run();
  }

  /**
   * Compares all of the kernel's state with what is wanted and repairs it.
   *
   * @return what it took; empty if everything was right
   */
  List<String> audit() throws IOException;

  /**
   * What treats a frontend in the kernel now, in the order in which packets meet it, with what it
   * has counted: compared with what was committed last. It costs what this Service has. Nothing is
   * changed.
   *
   * @return also what is missing, different or left over; empty before the first commit
   * @throws IOException if the kernel cannot be read
   */
  List<KernelObject> evidence(FrontendAddress address) throws IOException;

  /**
   * Removes all that this backend has in the kernel: another one takes over.
   *
   * @throws IOException if the kernel refused; it may be called again
   */
  void remove() throws IOException;

  /**
   * Gives way to another backend, which is in the kernel already: what only connections that exist
   * still need may stay until they end. Nothing but this and {@link #close} is called from then on.
   *
   * @return whether all is removed; if not, to be called again whenever a commit is asked for
   * @throws IOException if the kernel refused; it may be called again
   */
  default boolean retire() throws IOException {
    remove();
    return true;
  }

  /** Releases sockets; the kernel's state stays. */
  @Override
  void close();
}
