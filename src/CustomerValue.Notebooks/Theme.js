'use strict';
try {
  const kept = localStorage.getItem('customervalue-theme');
  if (kept === 'dark' || kept === 'light') document.documentElement.dataset.theme = kept;
} catch {
  // Nothing can be kept here: the system's choice holds.
}
