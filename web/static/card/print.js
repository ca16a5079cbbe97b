/* The printed page: one button. */
document.getElementById("print").addEventListener("click", () => print());
