package io.fairlead.bench.ffi;

import java.io.IOException;

/**
 * The main class of the JVMs whose start is measured: prints how many nanoseconds after the
 * beginning of main the kernel has answered the first request.
 */
final class FirstExchange {

  private FirstExchange() {}

  public static void main(String[] arguments) throws IOException {
    long begin = System.nanoTime();
    try (Session session = Session.open(Contender.titled(arguments[0]), Exchange.LINK)) {
      session.exchange();
      System.out.println(System.nanoTime() - begin);
    }
  }
}
