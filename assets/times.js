// The file keeps UTC; people read their own time, with its offset when they point at it.

function offset(moment) {
  const minutes = -moment.getTimezoneOffset();
  const two = (value) => String(Math.trunc(value)).padStart(2, "0");
  const [sign, size] = [minutes < 0 ? "−" : "+", Math.abs(minutes)];
  return `UTC${sign}${two(size / 60)}:${two(size % 60)}`;
}

function convert() {
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

// A form that asks for a moment says in which offset it was typed: that of the moment itself, since
// summer time can make it another than today's. A day that is the last one counts to its end.
function typed({ target: form, formData }) {
  for (const input of form.elements) {
    if (!input.dataset.of) continue;
    const text = formData.get(input.dataset.of);
    const moment = text ? new Date(text.includes("T") ? text : `${text}T00:00`) : new Date();
    if (Number.isNaN(moment.getTime())) continue;
    if ("end" in input.dataset) moment.setDate(moment.getDate() + 1);
    formData.set(input.name, -moment.getTimezoneOffset());
  }
}

// What is printed says when that was, however long the page was open.
function printNow() {
  for (const time of document.querySelectorAll("time[data-now]")) {
    time.dateTime = new Date().toISOString();
    delete time.dataset.local;
  }
  convert();
}

export function localTimes() {
  convert();
  document.addEventListener("formdata", typed);
  addEventListener("beforeprint", printNow);
  document.addEventListener("region", convert);
}
