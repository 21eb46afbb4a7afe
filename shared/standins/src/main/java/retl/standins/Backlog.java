package retl.standins;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** How much was accepted and has not ended. */
final class Backlog {
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int size;

  void accepted() {
    change(1);
  }

  void ended() {
    change(-1);
  }

  private void change(int by) {
    lock.lock();
    try {
      size += by;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when there is nothing that has not ended. */
  void awaitEmpty() {
    lock.lock();
    try {
      while (size > 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
