// The file keeps UTC; people read their own time, with its offset when they point at it.

function offset(moment) {
  const minutes = -moment.getTimezoneOffset();
  const two = (value) => String(Math.trunc(value)).padStart(2, "0");
  const [sign, size] = [minutes < 0 ? "−" : "+", Math.abs(minutes)];
  return `UTC${sign}${two(size / 60)}:${two(size % 60)}`;
}

function convert() {
  // A form that asks for a moment says in which offset it was typed; a preview repeats it.
  for (const input of document.querySelectorAll("input[name=offset]:not([data-kept])")) {
    input.value = -new Date().getTimezoneOffset();
  }
  for (const time of document.querySelectorAll("time[datetime]:not([data-local])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const two = (value) => String(value).padStart(2, "0");
    const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
    const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
    time.title = `${day} ${clock}:${two(moment.getSeconds())} ${offset(moment)}`;
    time.textContent = time.dataset.form === "day" ? day : `${day} ${clock}`;
    time.dataset.local = "true";
  }
}

export function localTimes() {
  convert();
  document.addEventListener("region", convert);
}
